"""The catalogue and its rows as CKAN 2.12 tells them (docs.ckan.org/en/2.12/api/).

`packages`: datasets as packages with resources, organisations, groups, tags. `finding`: package_search, with as much of
Solr's language as clients and harvesters write. `rows`: datastore_search.
"""
