using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Storage;

/// <summary>Addresses that mails came back from for good. A changed address is another one, so that it is in use at once.</summary>
internal static class RefusedAddresses
{
    public static string KeyOf(string address) => address.ToLowerInvariant();

    /// <summary>The person with those addresses alone that work; null = none does.</summary>
    public static async Task<Person?> ReachableAsync(TrackWatchDb db, Person person, CancellationToken ct)
    {
        var keys = person.Emails.Select(KeyOf).ToList();
        var refused = await db
            .RefusedAddresses.Where(r => keys.Contains(r.Address))
            .Select(r => r.Address)
            .ToListAsync(ct);
        if (refused.Count == 0)
            return person;
        return person.Emails.Where(e => !refused.Contains(KeyOf(e))).ToList() is [var first, .. var more]
            ? person with
            {
                Email = first,
                MoreEmails = more,
            }
            : null;
    }

    /// <summary>Those that people of today still have.</summary>
    public static async Task<IReadOnlyList<RefusedAddressRow>> InUseAsync(TrackWatchDb db, CancellationToken ct)
    {
        var refused = await db.RefusedAddresses.OrderBy(r => r.Address).ToListAsync(ct);
        if (refused.Count == 0)
            return [];
        var people = await db.People.Where(p => p.ArchivedAt == null).Select(p => p.Profile).ToListAsync(ct);
        var used = people.SelectMany(p => p.Emails).Select(KeyOf).ToHashSet();
        return [.. refused.Where(r => used.Contains(r.Address))];
    }
}
