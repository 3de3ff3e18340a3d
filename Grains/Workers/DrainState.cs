namespace Streams.Grains.Workers;

/// <summary>Whether this silo is drained. Safe for several threads.</summary>
internal sealed class DrainState
{
    private readonly Lock _lock = new();
    private DateTimeOffset? _until;

    /// <summary>Whether it is.</summary>
    public bool IsDraining => Until is not null;

    /// <summary>When its remaining workers end at the latest; null while it is not drained.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            lock (_lock)
            {
                return _until;
            }
        }
    }

    /// <summary>Begins.</summary>
    public void Begin(DateTimeOffset until)
    {
        lock (_lock)
        {
            _until ??= until;
        }
    }
}
