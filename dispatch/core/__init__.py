"""What every room needs: errors, transactions, times, SQL expressions."""
