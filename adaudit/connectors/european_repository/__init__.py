"""The European repository for online political advertisements: no public endpoint exists yet."""
