using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Makes the links of one mail by which its reader answers; the same mail has the same links.</summary>
internal static class ReplyLinks
{
    /// <param name="key">The one that <c>Secrets</c> keeps.</param>
    /// <param name="mail">Of <see cref="Postmark.TagOf"/>.</param>
    /// <returns>Null = answers are not read.</returns>
    public static ReplyLink? Of(
        RepliesSettings settings,
        byte[] key,
        MailTag mail,
        Person person,
        DateTimeOffset composedAt
    )
    {
        if (settings.Address is not { } address || MimeAddress.ToWire(address) is not { } wire)
            return null;
        var lastDay = DateOnly.FromDateTime((composedAt + settings.ValidFor).UtcDateTime);
        // What RFC 6068 asks of the address: nothing in it may end it.
        var to = Uri.EscapeDataString(wire)
            .Replace("%40", "@", StringComparison.Ordinal)
            .Replace("%2B", "+", StringComparison.Ordinal);
        return (order, command) =>
        {
            var token = ReplyToken.Issue(key, mail, person.Id, order, lastDay);
            return new Uri($"mailto:{to}?subject={Uri.EscapeDataString($"{command} {order} [{token}]")}");
        };
    }
}
