namespace TrackWatch.Worker.Tests.Whole;

/// <summary>Tests of whole processes under load: one after the other, or they would only measure each other.</summary>
[CollectionDefinition(nameof(WholeRuns))]
public sealed class WholeRuns;
