"""Charges customers through the payment provider."""

import httpx

PROVIDER = "https://payments.example"


def charge(client: httpx.Client, customer: str, cents: int) -> str:
    """Charge a customer and return the number of the payment."""
    answer = client.post(
        f"{PROVIDER}/charges", json={"customer": customer, "amount": cents}
    )
    answer.raise_for_status()
    return answer.json()["id"]
