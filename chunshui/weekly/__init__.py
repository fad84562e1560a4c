"""一周动态: what happened from Monday to Sunday, what stands at the end, what is more than chance."""
