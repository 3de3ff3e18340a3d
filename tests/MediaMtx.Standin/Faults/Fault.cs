namespace MediaMtx.Standin.Faults;

/// <summary>A fault as a test orders it: the body of <c>POST /standin/faults</c> is one of these or a list of them.</summary>
internal sealed record Fault
{
    /// <summary>
    /// What goes wrong.
    /// <list type="bullet">
    /// <item><c>freeze-publisher</c>: what it sends is taken and forgotten; the path stays available, its counters stand still.</item>
    /// <item><c>freeze-reader</c>: nothing is sent to the path's readers; the path goes on.</item>
    /// <item><c>hook-delay</c>: a hook starts <see cref="Milliseconds"/> late.</item>
    /// <item><c>hook-drop</c>: a hook does not start.</item>
    /// <item><c>hook-repeat</c>: a hook starts <see cref="Times"/> times.</item>
    /// <item><c>hook-reorder</c>: a hook starts <see cref="Milliseconds"/> after the next one that the fault is about.</item>
    /// <item><c>api-down</c>: the Control API closes the connection without an answer.</item>
    /// <item><c>api-slow</c>: it answers <see cref="Milliseconds"/> late.</item>
    /// <item><c>api-stale</c>: it lists the paths as they were when the fault was ordered.</item>
    /// <item><c>api-empty</c>: it lists no paths.</item>
    /// <item><c>api-hide</c>: it lists all paths but <see cref="Path"/>.</item>
    /// <item><c>api-small-pages</c>: its pages have at most <see cref="ItemsPerPage"/> items.</item>
    /// </list>
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Which path it is about; all when null. Faults of the API are about no path, but for <c>api-hide</c>.</summary>
    public string? Path { get; init; }

    /// <summary>
    /// Which hooks it is about: <c>ready</c> (those of the beginning: <c>runOnAvailable</c>, <c>runOnOnline</c>) or <c>not-ready</c> (those
    /// of the end); both when null.
    /// </summary>
    public string? Event { get; init; }

    /// <summary>How many hooks or answers it spoils before it is over; until it is cleared when null.</summary>
    public int? Count { get; init; }

    /// <summary>How late; 100 by default.</summary>
    public int Milliseconds { get; init; } = 100;

    /// <summary>How often in all; 2 by default.</summary>
    public int Times { get; init; } = 2;

    /// <summary>The most items of a page; 1 by default.</summary>
    public int ItemsPerPage { get; init; } = 1;

    /// <summary>What is wrong with the order; null when nothing is.</summary>
    public string? Validate() => this switch
    {
        { Kind: "freeze-publisher" or "freeze-reader", Count: not null } => $"{Kind} has no count: it lasts until it is cleared",
        { Kind: "freeze-publisher" or "freeze-reader" } => null,
        { Event: not (null or "ready" or "not-ready") } => $"unknown event '{Event}': ready or not-ready",
        { Count: < 1 } or { Milliseconds: < 0 } or { Times: < 1 } or { ItemsPerPage: < 1 } => "numbers must be positive",
        { Kind: "hook-delay" or "hook-drop" or "hook-repeat" or "hook-reorder" } => null,
        { Kind: "api-hide", Path: null } => "api-hide needs a path",
        { Kind: "api-hide" or "api-down" or "api-slow" or "api-stale" or "api-empty" or "api-small-pages" } => null,
        _ => $"unknown fault '{Kind}'",
    };
}
