"""一周动态: any week, Monday to Sunday."""
