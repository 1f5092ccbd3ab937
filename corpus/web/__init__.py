"""The web: pages, feeds and sitemaps; the one place that opens a connection outward.

``collect`` is the way in. It gives files in a staging folder; whoever asked puts them on the shelf.
"""
