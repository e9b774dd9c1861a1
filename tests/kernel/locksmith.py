"""A table of wrapped keys for the tests of rotations, and a process that works on it: python -m tests.kernel.locksmith."""

import argparse
import sys
from typing import Any

from django.db import connection, models


def lock_model() -> type[models.Model]:
    class Lock(models.Model):
        wrapped = models.BinaryField(null=True)

        class Meta:
            app_label = "kernel"
            db_table = "test_lock"
            managed = False

        def __str__(self) -> str:
            return str(self.pk)

    return Lock


def make_table() -> None:
    kind = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE test_lock (id bigint PRIMARY KEY, wrapped {kind} NULL)")


def place(row: Any) -> str:
    return f"lock:{row.pk}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("do", choices=["fill", "rotate", "count", "open"])
    parser.add_argument("count", type=int, nargs="?", default=0)
    parser.add_argument("--stop-at", type=int, default=0)
    asked = parser.parse_args()

    import django

    django.setup()
    from lacydon.kernel import rotation, sealing
    from lacydon.kernel.plugs import wrapped_keys

    model: Any = lock_model()

    def place_or_stop(row: Any) -> str:
        if row.pk == asked.stop_at:
            print("in the middle", flush=True)
            sys.stdin.read()
        return place(row)

    column = rotation.WrappedColumn(model=model, field="wrapped", place=place_or_stop)
    wrapped_keys.plug("test")(lambda: column)
    if asked.do == "fill":
        make_table()
        for number in range(1, asked.count + 1):
            model.objects.create(id=number, wrapped=sealing.wrap(sealing.new_key(), place=f"lock:{number}"))
    if asked.do == "rotate":
        rotated = rotation.rotate(batch=10)
        print("resumed" if rotated.resumed else "new", rotated.done)
    if asked.do == "count":
        print(*rotation.usage().values())
    if asked.do in ("fill", "open"):
        for row in model.objects.order_by("pk"):
            print(sealing.unwrap(row.wrapped, place=place(row)).hex())


if __name__ == "__main__":
    main()
