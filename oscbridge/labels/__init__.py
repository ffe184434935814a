"""The user's own words for what music expresses: for quadrants, and for regions of the plane."""

from oscbridge.labels.quadrants import Label, Labels

__all__ = ["Label", "Labels"]
