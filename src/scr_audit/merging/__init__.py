"""Records of the same thing from several sources made one, with every conflict shown."""
