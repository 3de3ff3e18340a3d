using System.Text.Json.Serialization;

namespace Streams.Benchmarks.Results;

/// <summary>One number that was measured.</summary>
internal sealed record Row
{
    /// <summary>What it is.</summary>
    public required string What { get; init; }

    /// <summary>The number.</summary>
    public required double Value { get; init; }

    /// <summary>Its unit: <c>ms</c>, <c>KB</c>, <c>/s</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The target: no more than this.</summary>
    public double? AtMost { get; init; }

    /// <summary>The target: no less than this.</summary>
    public double? AtLeast { get; init; }

    /// <summary>What it is compared with, measured in the same run.</summary>
    public string? Reference { get; init; }

    /// <summary>The reference's number, in the same unit.</summary>
    public double? ReferenceValue { get; init; }

    /// <summary>The target of the ratio: no more than this.</summary>
    public double? RatioAtMost { get; init; }

    /// <summary>The target of the ratio: no less than this.</summary>
    public double? RatioAtLeast { get; init; }

    /// <summary>What else there is to say.</summary>
    public string Note { get; init; } = "";

    /// <summary>The number for each of the reference's; null without a reference.</summary>
    [JsonIgnore]
    public double? Ratio => ReferenceValue is > 0 and var other ? Value / other : null;

    /// <summary>Whether its targets are met; null when it has none.</summary>
    [JsonIgnore]
    public bool? IsMet => AtMost is null && AtLeast is null && RatioAtMost is null && RatioAtLeast is null
        ? null
        : !(Value > AtMost) && !(Value < AtLeast) && !(Ratio > RatioAtMost) && !(Ratio < RatioAtLeast);

    /// <summary>Compares it with something that was measured in the same run.</summary>
    public Row Against(string reference, double value) => this with { Reference = reference, ReferenceValue = value };
}
