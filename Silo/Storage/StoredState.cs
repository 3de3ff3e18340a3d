namespace Streams.Silo.Storage;

/// <summary>A row of the database.</summary>
/// <param name="Version">1 for the first save of a state, and one more with each.</param>
/// <param name="Json">The state.</param>
internal sealed record StoredState(long Version, string Json);
