"""Maps and charts drawn as SVG, and one of them as a picture."""
