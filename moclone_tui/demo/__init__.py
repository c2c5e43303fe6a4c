"""The embedded MySQL-protocol server: just enough MatrixOne, for the demo and tests."""
