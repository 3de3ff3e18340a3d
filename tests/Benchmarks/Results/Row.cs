using System.Text.Json.Serialization;

namespace Streams.Benchmarks.Results;

/// <summary>A measured value, with its targets and its reference.</summary>
internal sealed record Row
{
    /// <summary>What was measured.</summary>
    public required string What { get; init; }

    /// <summary>The value.</summary>
    public required double Value { get; init; }

    /// <summary>Its unit: <c>ms</c>, <c>KB</c>, <c>/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Target: maximum.</summary>
    public double? AtMost { get; init; }

    /// <summary>Target: minimum.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Name of the reference, which was measured in the same run.</summary>
    public string? Reference { get; init; }

    /// <summary>Value of the reference, in the same unit.</summary>
    public double? ReferenceValue { get; init; }

    /// <summary>Target of the ratio: maximum.</summary>
    public double? RatioAtMost { get; init; }

    /// <summary>Target of the ratio: minimum.</summary>
    public double? RatioAtLeast { get; init; }

    /// <summary>Note; empty for none.</summary>
    public string Note { get; init; } = "";

    /// <summary>Value divided by the reference; null without one.</summary>
    [JsonIgnore]
    public double? Ratio => ReferenceValue is > 0 and var other ? Value / other : null;

    /// <summary>Whether all targets are met; null when there are none.</summary>
    [JsonIgnore]
    public bool? IsMet => AtMost is null && AtLeast is null && RatioAtMost is null && RatioAtLeast is null
        ? null
        : !(Value > AtMost) && !(Value < AtLeast) && !(Ratio > RatioAtMost) && !(Ratio < RatioAtLeast);

    /// <summary>Adds a reference that was measured in the same run.</summary>
    public Row Against(string reference, double value) => this with { Reference = reference, ReferenceValue = value };
}
