"""Records: from bytes or values to typed structs, with every mistake explained."""
