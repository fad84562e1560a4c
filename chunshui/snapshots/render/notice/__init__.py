"""An official notice (通报): its content as plain data, and that as Word and as PDF."""
