"""Who holds what, for those who may look: the registry, its tags and exports, the packet for an auditor."""
