"""What coordinators and administrators see of the whole: dosage, effort."""
