using System.Globalization;

namespace TrackWatch.Domain.Registering;

/// <summary>An amount with its ISO 4217 currency code, written <c>23.90 EUR</c>.</summary>
public readonly record struct Money(decimal Amount, string Currency)
{
    /// <summary>
    /// Reads <c>23.90 EUR</c> or <c>EUR 23.90</c>; a decimal point, no thousands separator. More decimals than the currency
    /// has are refused, because <c>1.012 TRY</c> is a thousand to the one who wrote it.
    /// </summary>
    public static bool TryParse(string? text, out Money money)
    {
        money = default;
        var parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
            return false;
        var (number, currency) = char.IsAsciiLetter(parts[0][0]) ? (parts[1], parts[0]) : (parts[0], parts[1]);
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetter))
            return false;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return false;
        currency = currency.ToUpperInvariant();
        if (amount.Scale > Currencies.Decimals(currency))
            return false;
        money = new Money(amount, currency);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");
}
