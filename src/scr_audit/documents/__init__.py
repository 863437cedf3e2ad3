"""Every published document, typed once: what builds, checks, reads and describes it."""
