"""The data harbour beside its peers, in one run: a table checked, published, asked and exported.

python -m bench.data [validation] [publishing] [queries] [--rows 1000000] [--large 10000000] [--smoke]
"""

import argparse

from bench import data_publishing, data_queries, data_validation

PARTS = {"validation": data_validation, "publishing": data_publishing, "queries": data_queries}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all of them without: {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    asked = parser.parse_args()
    if asked.smoke:
        asked.rows, asked.large = 2_000, 20_000
    for name in asked.parts or PARTS:
        PARTS[name].measure(rows=asked.rows, large=asked.large)


if __name__ == "__main__":
    main()
