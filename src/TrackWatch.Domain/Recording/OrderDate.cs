using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Recording;

/// <summary>Posts give a number again after a year or two (numbers.md, 1): what is much older than the order is another parcel's.</summary>
public static class OrderDate
{
    /// <summary>Sellers print labels in advance, and dates in files are typed by hand.</summary>
    private const int GraceDays = 10;

    /// <param name="orders">Those that the parcel belongs to.</param>
    /// <returns>The first day whose events count; null where an order does not say when it was placed.</returns>
    public static DateOnly? NotBefore(IEnumerable<Order> orders)
    {
        DateOnly? first = null;
        foreach (var order in orders)
        {
            if (order.Ordered is not { } ordered)
                return null;
            if (!(first < ordered))
                first = ordered;
        }
        return first?.AddDays(-GraceDays);
    }
}
