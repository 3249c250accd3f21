"""The pages of participants, coaches and facilitators in their cohort."""
