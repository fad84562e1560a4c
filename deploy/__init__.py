"""Bundle, unit, proxy and container for a server."""
