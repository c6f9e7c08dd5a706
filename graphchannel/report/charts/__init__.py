"""Charts of results: bars, maps and changes as SVG or as one HTML file that needs no network.

Nothing here is imported before a chart is asked for: the libraries are the extra `charts`.
"""
