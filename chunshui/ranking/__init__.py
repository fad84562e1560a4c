"""Fair comparison of streets: who stands apart, in which ranks they may lie, who truly progressed."""
