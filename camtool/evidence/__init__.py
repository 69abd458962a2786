"""What makes footage evidence: proofs, and their checking."""
