"""Datasets as collections of features (OGC API Features 1.0, parts 1 to 3; CQL2).

`crs`: the systems of coordinates; `items`: what is asked of a collection, and the features that answer; `documents`:
what describes the whole and each collection; `openapi`: the description for machines.
"""
