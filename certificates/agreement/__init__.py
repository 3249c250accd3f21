"""How far raters agree: exact, adjacent, kappa, Krippendorff's alpha, severity. Pure figures, without a database."""
