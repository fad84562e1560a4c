"""The page of a city: its districts beside each other, from one edition."""
