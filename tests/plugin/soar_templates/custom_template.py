"""Stands for SOAR's tag library of that name: the views load it, and use no tag of it."""
from django import template

register = template.Library()
