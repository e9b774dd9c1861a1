"""The SQL of each figure. It is shown beside the figure, runs on the open dataset, and is what we run ourselves."""

from .definition import FREQUENT, IRREGULAR, early, late

GROUPS = {
    "ligne": ("ligne_id, any_value(ligne) AS nom", "ligne_id"),
    "arret": ("lieu_id, any_value(arret) AS nom", "lieu_id"),
    "heure": ("heure, CAST(heure AS VARCHAR) AS nom", "heure"),
    "jour": ("jour, CAST(jour AS VARCHAR) AS nom", "jour"),
    "commune": ("code_insee, code_insee AS nom", "code_insee"),
    "tout": ("'tout' AS tout, 'tout' AS nom", ""),
}
"""What it is counted by."""


def recipe(*, by: str, table: str, line: str = "", place: str = "") -> str:
    """One question: of a table that holds observed passages, by one of GROUPS; of one line, of one place."""
    named, grouped = GROUPS[by]
    kept = ["NOT terminus", "rang >= 0"]
    if line:
        kept.append(f"ligne_id = {_text(line)}")
    if place:
        kept.append(f"lieu_id = {_text(place)}")
    frequent = f"intervalle_s IS NOT NULL AND intervalle_prevu_s BETWEEN 1 AND {FREQUENT}"
    return (
        f"SELECT {named},\n"
        f"  count(*) AS departs,\n"
        f"  count(*) FILTER (WHERE ecart_s BETWEEN {early()} AND {late()}) AS a_l_heure,\n"
        f"  count(*) FILTER (WHERE ecart_s < {early()}) AS en_avance,\n"
        f"  count(*) FILTER (WHERE ecart_s > {late()}) AS en_retard,\n"
        f"  CAST(quantile_cont(ecart_s, 0.5) AS INTEGER) AS ecart_median_s,\n"
        f"  count(*) FILTER (WHERE {frequent}) AS intervalles,\n"
        f"  count(*) FILTER (WHERE {frequent} AND intervalle_s BETWEEN 0 AND {IRREGULAR} * intervalle_prevu_s)"
        " AS reguliers\n"
        f"FROM {table}\n"
        f"WHERE {' AND '.join(kept)}" + (f"\nGROUP BY {grouped}\nORDER BY {grouped}" if grouped else "")
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
