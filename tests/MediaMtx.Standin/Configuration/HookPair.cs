namespace MediaMtx.Standin.Configuration;

/// <summary>A hook that runs while something lasts, and one that is started at its end.</summary>
/// <param name="Begin">The name of the first setting, as the log has it.</param>
/// <param name="BeginCommand">Its command; empty for none.</param>
/// <param name="Restarts">Whether it is started again, 5 s after it ended.</param>
/// <param name="End">The name of the second setting.</param>
/// <param name="EndCommand">Its command; empty for none.</param>
internal sealed record HookPair(string Begin, string BeginCommand, bool Restarts, string End, string EndCommand)
{
    public static readonly HookPair None = new("", "", false, "", "");
}
