"""Routes of the login and the launch, and the pages a launch can end on."""
