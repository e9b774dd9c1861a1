"""Reads the territory's part of a folder: territory.toml, communes, arrondissements, authorities, competences."""

from .reader import TerritoryReader

__all__ = ["TerritoryReader"]
