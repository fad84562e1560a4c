"""The deck (.pptx): native charts, tables and maps on five layouts."""
