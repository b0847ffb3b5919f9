using System.Text.RegularExpressions;

namespace TrackWatch.Domain.Rules;

/// <summary>The roles' ids, as rule packs and the table of deadlines write them.</summary>
public static partial class DayRoles
{
    private static readonly Dictionary<DayRole, string> Ids = Enum.GetValues<DayRole>()
        .ToDictionary(role => role, role => Hump().Replace(role.ToString(), "-$1").ToLowerInvariant());

    public static string Id(this DayRole role) => Ids[role];

    /// <summary>certain, likely, conflicting.</summary>
    public static string Id(this Confidence confidence) => confidence.ToString().ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Hump();
}
