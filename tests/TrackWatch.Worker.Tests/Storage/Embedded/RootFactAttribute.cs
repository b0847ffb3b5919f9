namespace TrackWatch.Worker.Tests.Storage.Embedded;

/// <summary>A test that changes accounts. An ordinary user's run of all other tests shows their side of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "Only root can start processes under another account.";
    }
}
