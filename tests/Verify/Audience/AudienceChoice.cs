namespace Streams.Verify.Audience;

/// <summary>Which changes are measured with which input.</summary>
internal sealed record AudienceChoice
{
    private static readonly string[] Known = ["", "usual", "all", "off", "cluster"];

    private readonly string _name;

    /// <summary>What <c>AUDIENCE</c> says.</summary>
    /// <param name="name"><c>usual</c> or empty; <c>all</c>: each change with each input; <c>off</c>: without keeping outputs; <c>cluster</c>: that part alone.</param>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    public AudienceChoice(string? name)
    {
        _name = name ?? "";
        if (!Known.Contains(_name))
        {
            throw new ArgumentException($"AUDIENCE={_name} is none of usual, all, off, cluster.");
        }
    }

    /// <summary>Whether outputs are kept.</summary>
    public bool IsKept => _name != "off";

    /// <summary>Whether each change is measured with each input.</summary>
    public bool IsWhole => _name == "all";

    /// <summary>Whether a cluster is measured too.</summary>
    public bool HasCluster => IsKept;

    /// <summary>Each input, with the changes that its stream goes through.</summary>
    public IEnumerable<(AudienceInput Input, IReadOnlyList<Fault> Faults)> Combinations => AudienceInput.All
        .Select((input, index) => (input, index == 0 || IsWhole ? Fault.All : Fault.Telling))
        .Take(_name == "cluster" ? 0 : IsKept ? AudienceInput.All.Count : 1);
}
