"""The journal under kill -9 and under haste: an act and its entry stand together, and positions are given once."""

import signal
import subprocess
import sys

import pytest

from tests.product import ROOT, database_of, environment, lacydon, migrated

RECORDING = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from django.db import connection, transaction
from lacydon.capabilities.trust.actions.people import new_person
from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import Actor

def killed(when):
    if sys.argv[1] == when:
        print("killed", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

with transaction.atomic():
    person = str(new_person(kind="resident").pk)
    killed("between the act and the journal")
    record(actor=Actor(person=person, principal=person, kind="resident"), action="a.b", purpose="p")
    killed("before the commit")
killed("after the commit")
"""
COUNTED = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from lacydon.capabilities.trust.models import Checkpoint, Entry, Person
from lacydon.capabilities.trust.public import publish_checkpoint
from lacydon.capabilities.trust.queries.verification import verify
counted = (Person.objects.count(), Entry.objects.count(), Entry.objects.filter(position=None).count(), Checkpoint.objects.count())
assert verify().fault is None, verify()
publish_checkpoint()
found = verify()
assert found.fault is None and found.entries == counted[1], found
print(*counted)
"""
MANY = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from django.db import transaction
from lacydon.capabilities.trust.public import Draft, publish_checkpoint, record_all
from lacydon.kernel.access import MACHINE
print("ready", flush=True)
sys.stdin.readline()
for round in range(15):
    with transaction.atomic():
        record_all([Draft(actor=MACHINE, action="a.b", purpose=f"{sys.argv[1]} {round}")] * 20)
    publish_checkpoint()
"""


@pytest.fixture
def home(tmp_path, worker_id):
    """The variables of an installation with an empty, migrated database of its own, on the database of the run."""
    with database_of(f"journal_{worker_id}") as database:
        variables = environment(home=tmp_path / "home", **database)
        migrated(environment=variables)
        yield variables


def ran(script, *arguments, variables):
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def counted(variables):
    """People, entries, those that wait, heads; then publishes, the journal being verified before and after."""
    told = ran(COUNTED, variables=variables)
    assert told.returncode == 0, told.stderr
    return tuple(map(int, told.stdout.split()))


@pytest.mark.parametrize(
    ("when", "kept"),
    [("between the act and the journal", 0), ("before the commit", 0), ("after the commit", 1)],
)
def test_killed_the_act_and_its_entry_are_both_there_or_neither(home, when, kept):
    killed = ran(RECORDING, when, variables=home)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "killed\n"), killed.stderr
    assert counted(home)[:2] == (kept, kept)


def test_several_sequencers_at_once_give_each_position_once(home):
    working = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(number)],
            env=home,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for each in working:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in working:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in working:
        _out, error = each.communicate(timeout=120)
        assert each.returncode == 0, error
    _people, entries, waiting, checkpoints = counted(home)
    assert (entries, waiting) == (900, 0)
    assert 1 <= checkpoints <= 45
    told = lacydon("journal", "verify", environment=home)
    assert told.returncode == 0 and "900" in told.stdout, told.stdout + told.stderr


def test_killed_while_publishing_nothing_is_half_published(home):
    script = RECORDING.replace(
        'killed("after the commit")',
        """
import lacydon.capabilities.trust.actions.publication as publication
publication.publish_checkpoint()
with transaction.atomic():
    record(actor=Actor(person=person, principal=person, kind="resident"), action="a.b", purpose="p")
publication.Checkpoint.objects.create = lambda **_values: killed("before the head is signed")
publication.publish_checkpoint()
""",
    )
    killed = ran(script, "before the head is signed", variables=home)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert counted(home) == (1, 2, 1, 1)
    assert counted(home) == (1, 2, 0, 2)


VERIFYING = """
import os, threading
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from django.db import connection, transaction
from lacydon.capabilities.trust.public import Draft, publish_checkpoint, record_all
from lacydon.capabilities.trust.queries import verification
from lacydon.kernel.access import MACHINE

def more():
    with transaction.atomic():
        record_all([Draft(actor=MACHINE, action="a.b", purpose="p")] * 50)
    publish_checkpoint()
    connection.close()

def meanwhile(done, of):
    working = threading.Thread(target=more)
    working.start()
    working.join()

more()
verification.CHUNK = 20
found = verification.verify(progress=meanwhile)
print(found.fault, found.entries, verification.verify().entries)
"""


def test_what_is_recorded_during_a_verification_is_no_fault_and_does_not_wait(home):
    told = ran(VERIFYING, variables=home)
    assert told.stdout == "None 50 200\n", told.stdout + told.stderr


BY_OTHERS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from django.db import connection, transaction
from lacydon.capabilities.trust.public import Draft, publish_checkpoint, record_all
from lacydon.capabilities.trust.queries import stretches, verification
from lacydon.kernel.access import MACHINE

with transaction.atomic():
    record_all([Draft(actor=MACHINE, action="a.b", purpose="p")] * 110)
publish_checkpoint()
verification.CHUNK = stretches.WORTH = 20
os.sched_getaffinity = lambda _of: {0, 1}
own, stretch, apart = [], stretches.stretch, stretches._apart

def noted(rows, *, first):
    own.append(first)
    return stretch(rows, first=first)

def told(what):
    own.clear()
    found = verification.verify()
    print(what, found.fault and (found.fault.kind, found.fault.position), found.entries, own)

stretches.stretch = noted
told("right")

def dies(first, width):
    if first == 60:
        os._exit(1)
    return apart(first, width)

stretches._apart = dies
told("dead")
stretches._apart = apart
with connection.cursor() as cursor:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name, in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    else:
        cursor.execute("SET session_replication_role = replica")
    cursor.execute("DELETE FROM trust_entry WHERE position = 70")
told("deleted")
"""


def test_what_other_processes_verify_is_right_and_all_the_rest_is_seen_by_the_first(home):
    told = ran(BY_OTHERS, variables=home)
    assert told.returncode == 0, told.stderr
    right, dead, deleted = told.stdout.splitlines()
    assert right == "right None 110 [100]", told.stdout + told.stderr
    assert dead.startswith("dead None 110 [") and dead.endswith(" 80, 100]"), dead
    assert deleted == "deleted ('deleted', 70) 0 [60]"
