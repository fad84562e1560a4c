"""The metric catalogue: definitions, their values for any scope and month, and their members.

A metric is one file in `queries/metrics/`: its definition as front matter and one SELECT at the
grain of the thing counted. From that file come the tile, the map, the ranking, the trend, the
list of members and the export; nothing above this package computes a figure.
"""
