"""moclone: the terminal for MatrixOne, its databases, snapshots and clones."""
