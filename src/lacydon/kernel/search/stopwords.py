"""Words that say little about what is looked for, folded: grammar, politeness, the usual ways to ask."""

from typing import Final

GRAMMAR: Final[dict[str, frozenset[str]]] = {
    "fr": frozenset(
        """
        a ai aie aient ais ait as au aucun aucune aujourd aura aurai aurait aussi autre autres aux avais
        avait avant avec avez avoir avons ayant bien c ca ce ceci cela celle celles celui ces cest cet
        cette ceux chaque chez ci comme comment d dans de deja demain depuis des deux devrais devrait
        dire dit dois doit doivent donc dont du elle elles en encore entre es est et etais etait etant
        etc ete etes etre eu eux faire fais fait faites fallait faudrait faut fois font hier hui il ils
        j jai jamais je jsuis juste l la laquelle le lequel les lesquels leur leurs lors lorsqu lorsque
        lui m ma mais me meme memes mes mien moi moins mon n ne ni non nos notre nous on ont ou ouais
        par parce pas pendant peu peut peuvent peux plus plutot pour pourquoi pourrais pourrait pourriez
        pouvez puis puisque qu quand que quel quelle quelles quelqu quelque quelques quels qui quoi s sa
        sans se semaine sera serait ses si son sont sous souvent stp suis sur svp t ta te tes toi ton
        toujours tous tout toute toutes tres tu un une va vais veut veux voici voila vos votre voudrais
        voudrait vous vraiment vu y ya
        """.split()
    ),
    "en": frozenset(
        """
        a about after all also am an and any are as at be been before being but by can could d did do
        does doing done down for from get gets getting got had has have having he her hers him his how i
        id if im in into is it its just ll m may me might mine more most must my need needs no not now
        of off on once only or our out over please re s shall she should so some such t than thanks that
        the their them then there these they this those to too under until up us ve very want wants was
        we were what when where which who whom why will wish with would you your yours
        """.split()
    ),
}
"""Words that are not looked for at all."""

POLITE: Final[dict[str, frozenset[str]]] = {
    "fr": frozenset(
        """
        adresser aide aider aimerais aimerait aller appeler arrive avons besoin bonjour bonsoir cherche
        chercher cherchons chose combien concernant connaitre contacter demande demander demarche
        demarches effectuer habite habitons info information informations infos madame merci mettre
        monsieur nouveau nouveaux nouvelle nouvelles obtenir occupe occuper passe possible prendre
        probleme problemes procedure question recevoir refaire renseignement renseignements savoir
        service services souhaite souhaiterais trouve trouver urgent voir vouloir voulons
        """.split()
    ),
    "en": frozenset(
        """
        apply ask contact find hello help hi information know look looking make new obtain problem
        question request service services someone something thank there way
        """.split()
    ),
}
"""Words that do mean something, but less than the others of the same question."""
