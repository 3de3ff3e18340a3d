namespace Streams.Silo.Storage;

/// <summary>The limits of <see cref="HistoryRow.MaxRows"/> as SQL.</summary>
internal static class HistoryBounds
{
    /// <summary>The branches of a CASE expression over the kind.</summary>
    public static string Cases { get; } = string.Join(' ', Enum.GetValues<HistoryKind>().Select(static kind => $"WHEN {(int)kind} THEN {HistoryRow.MaxRows(kind)}")) + " ELSE 0";
}
