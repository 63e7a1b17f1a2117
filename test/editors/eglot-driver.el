;;; eglot-driver.el --- What the tests ask of an Emacs that edits with eglot -*- lexical-binding: t; -*-
;; Loaded into an Emacs without a screen; each function is called through emacsclient and answers with a plain value.
(package-initialize)
(require 'eglot)
(setq make-backup-files nil auto-save-default nil create-lockfiles nil
      eglot-sync-connect 10 eglot-autoreconnect nil eglot-events-buffer-size 0
      eglot-confirm-server-initiated-edits nil flymake-no-changes-timeout 0.1)

(defun driver-open (file node main)
  "Open FILE and connect it to the server that NODE runs from MAIN."
  (setq eglot-server-programs `((python-mode . (,node ,main))))
  (find-file file)
  (python-mode)
  (setq-local indent-tabs-mode nil)
  (apply #'eglot--connect (eglot--guess-contact))
  t)

(defun driver-connect (file port)
  "Open FILE and connect it to the server that listens on PORT."
  (setq eglot-server-programs `((python-mode . ("127.0.0.1" ,(string-to-number port)))))
  (find-file file)
  (python-mode)
  (setq-local indent-tabs-mode nil)
  (apply #'eglot--connect (eglot--guess-contact))
  t)

;; A completion interface (company, corfu) asks for all candidates, sorts them, inserts the chosen one and tells the table.
(defun driver-capf (offset)
  "What eglot completes OFFSET characters into the buffer: start, end, candidates in their order, and its properties."
  (goto-char (1+ (string-to-number offset)))
  (eglot--signal-textDocument/didChange)
  (pcase-let* ((`(,start ,end ,table . ,more) (eglot-completion-at-point))
               (prefix (buffer-substring-no-properties start end))
               (sort (alist-get 'display-sort-function (cdr (completion-metadata prefix table nil)))))
    (list start end (funcall sort (all-completions prefix table)) more)))

(defun driver-menu (offset)
  "The entries of the menu OFFSET characters into the buffer, one a line."
  (driver-in (lambda () (mapconcat #'substring-no-properties (nth 2 (driver-capf offset)) "\n"))))

(defun driver-accept (offset entry)
  "Choose ENTRY of the menu OFFSET characters into the buffer."
  (driver-in (lambda ()
               (pcase-let* ((`(,start ,end ,found ,more) (driver-capf offset))
                            (chosen (nth (string-to-number entry) found)))
                 (delete-region start end)
                 (goto-char start)
                 (insert chosen)
                 (funcall (plist-get more :exit-function) chosen 'finished)
                 t))))

(defun driver-is-managed ()
  (driver-in (lambda () (and (eglot-managed-p) t))))

(defun driver-in (body)
  "Call BODY in the buffer that is edited."
  (with-current-buffer (car (seq-filter #'buffer-file-name (buffer-list))) (funcall body)))

(defun driver-type (text)
  "Type TEXT at the end of the buffer, key by key, as changes of one character each."
  (driver-in (lambda ()
               (goto-char (point-max))
               (seq-do (lambda (key) (insert key)) text)
               t)))

(defun driver-complete ()
  "Complete at point, as the user's key does."
  (driver-in (lambda ()
               (goto-char (point-max))
               (let ((completion-auto-help nil)) (completion-at-point))
               (buffer-substring-no-properties (line-beginning-position) (line-end-position)))))

(defun driver-text ()
  (driver-in (lambda () (buffer-substring-no-properties (point-min) (point-max)))))

(defun driver-findings ()
  "The messages that flymake shows, one a line."
  (driver-in (lambda ()
               (flymake-start)
               (accept-process-output nil 0.05)
               (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))))

(defun driver-mend ()
  "Run the quick fix of the first finding."
  (driver-in (lambda ()
               (let ((finding (car (flymake-diagnostics))))
                 (eglot-code-actions (flymake-diagnostic-beg finding) (flymake-diagnostic-end finding) "quickfix" t)
                 t))))

(defun driver-outline ()
  "The names that the server sees in the buffer."
  (driver-in (lambda ()
               (eglot--signal-textDocument/didChange)
               (mapconcat (lambda (symbol) (plist-get symbol :name))
                          (jsonrpc-request (eglot--current-server-or-lose) :textDocument/documentSymbol
                                           (list :textDocument (eglot--TextDocumentIdentifier)))
                          " "))))

(defun driver-is-connected ()
  (driver-in (lambda () (and (eglot-current-server) (jsonrpc-running-p (eglot-current-server)) t))))
;;; eglot-driver.el ends here
