namespace Gfxbake.Formats.Strace;

/// <summary>Knows against which directory a call's relative path counts.</summary>
internal sealed class DirectoryTracker(PathBuilder paths)
{
    private static ReadOnlySpan<byte> DeletedMark => " (deleted)"u8;

    /// <summary>With -y each AT_FDCWD tells the working directory, as the kernel sees it: links resolved, '..' gone.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Learn(TracedProcess process, ReadOnlySpan<byte> descriptor)
    {
        if (!descriptor.StartsWith("AT_FDCWD<"u8))
        {
            return null;
        }
        ReadOnlySpan<byte> text = DescriptorText.Annotation(descriptor, out _);
        if (process.Directory.IsFrom(text) || !IsUsable(process, ref text))
        {
            return null;
        }
        return Change(process, text, []);
    }

    /// <summary>A successful chdir, fchdir or getcwd.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Change(TracedProcess process, ReadOnlySpan<byte> text, ReadOnlySpan<byte> directory)
    {
        if (paths.ResolveDirectory(text, directory) is not { } path)
            return "the working directory can't be read, or its path grew too long";
        process.Directory.Set(path, text);
        return null;
    }

    /// <returns>False when there is none: with a problem, or without one when the call failed for just that reason.</returns>
    public bool TryBase(
        TracedProcess process,
        ReadOnlySpan<byte> descriptor,
        AccessOutcome outcome,
        out ReadOnlySpan<byte> directory,
        out string? problem
    )
    {
        directory = [];
        problem = null;
        ReadOnlySpan<byte> text = DescriptorText.Annotation(descriptor, out _);
        if (descriptor.StartsWith("AT_FDCWD"u8) && (process.Directory.IsFrom(text) || !IsUsable(process, ref text)))
        {
            directory = process.Directory.Path;
            problem = process.Directory.Path is null
                ? $"the path is relative and thread {process.Pid}'s working directory is unknown: the log lacks its clone"
                : null;
        }
        else if (PathBuilder.IsAbsolute(text))
        {
            problem = paths.TryDirectory(text, out directory) ? null : "the descriptor's path can't be read";
        }
        else
        {
            // EBADF, or ENOTDIR because it is a socket or the like.
            bool explained = outcome == AccessOutcome.Failed || (outcome == AccessOutcome.Missing && !text.IsEmpty);
            problem = explained ? null : "the path is relative to a descriptor without a path";
            return false;
        }
        return problem is null;
    }

    // Of a removed directory the former path is as good as any; strace 6.1 marks it inside the brackets.
    private static bool IsUsable(TracedProcess process, ref ReadOnlySpan<byte> text)
    {
        if (text.EndsWith(DeletedMark))
        {
            text = text[..^DeletedMark.Length];
            return process.Directory.Path is null && PathBuilder.IsAbsolute(text);
        }
        return PathBuilder.IsAbsolute(text);
    }
}
