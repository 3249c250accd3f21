"""How an institute's documents look: template, colours, logo, signatories and words, frozen with each award."""
