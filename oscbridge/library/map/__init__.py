"""The collection as a map of valence and arousal: a picture, and a page that works offline."""
