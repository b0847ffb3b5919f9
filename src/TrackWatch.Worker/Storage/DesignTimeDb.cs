using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace TrackWatch.Worker.Storage;

/// <summary>For <c>ops/migration</c>: the model is enough, no database is asked.</summary>
internal sealed class DesignTimeDb : IDesignTimeDbContextFactory<TrackWatchDb>
{
    public TrackWatchDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<TrackWatchDb>().UseNpgsql("Host=none").Options);
}
