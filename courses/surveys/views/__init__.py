"""The pages of surveys: for those who answer, for facilitators and for coordinators."""
