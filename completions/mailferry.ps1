# mailferry: completion for PowerShell.
#
# Now:        mailferry completion powershell | Out-String | Invoke-Expression
# For good:   put this line into the file that $PROFILE names
#
# What the program answers may be made of a hostile job file: it is handled as data alone. Whatever is more than plain
# letters goes into single quotes, in which nothing is expanded.

Register-ArgumentCompleter -Native -CommandName mailferry -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
        })
    $current = $wordToComplete.Trim("'", '"')
    & mailferry __complete -- powershell "=$current" @before 2>$null | ForEach-Object {
        $value, $meaning = $_ -split "`t", 2
        if ($value -eq ':files') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($current)
        } else {
            $text = $value
            if ($text -notmatch '^[A-Za-z0-9_=./-]+$') {
                $inside = [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($text)
                $text = "'" + $inside + "'"
            }
            if (-not $meaning) { $meaning = $value }
            [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $meaning)
        }
    }
}
