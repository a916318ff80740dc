"""A stand-in for the package `phantom` that Splunk SOAR's host gives to apps, for tests off the platform.

Written from the description of the platform in the reference (splunk-soar.md 3 and 11.3; `#1` to `#20` name its
points). What the platform keeps, and what a test wants of it, is in a folder: soar.py.
"""
